# Completion of packer's words in bash. Load it with:  source <(packer completion bash)

_packer_complete() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("$line")
  done < <("$1" __complete bash "$COMP_WORDBREAKS" "${COMP_LINE:0:COMP_POINT}" "${COMP_LINE:COMP_POINT}" 2>/dev/null)
}

complete -o nospace -o nosort -F _packer_complete packer 2>/dev/null || complete -o nospace -F _packer_complete packer
