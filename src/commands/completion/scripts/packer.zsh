#compdef packer
# Completion of packer's words in zsh. Load it behind compinit with:  source <(packer completion zsh)
# or save it as a file named _packer in a folder of $fpath.

_packer() {
  local line text about
  local -a all open open_shown closed closed_shown
  all=("${(@Q)words[2,-1]}")
  all[CURRENT-1]="${(Q)PREFIX}"
  while IFS= read -r line; do
    about="${line#*$'\t'}"
    text="${${line%%$'\t'*}#?}"
    if [[ $line == o* ]]; then
      open+=("$text")
      open_shown+=("$text${about:+  -- $about}")
    else
      closed+=("$text")
      closed_shown+=("$text${about:+  -- $about}")
    fi
  done < <("${(Q)words[1]}" __complete zsh $((CURRENT - 2)) "${all[@]}" 2>/dev/null)
  (( $#open )) && compadd -l -S '' -d open_shown -a open
  (( $#closed )) && compadd -l -d closed_shown -a closed
}

if [[ $funcstack[1] == _packer ]]; then
  _packer "$@"
else
  compdef _packer packer
fi
