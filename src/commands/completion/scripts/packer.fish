# Completion of packer's words in fish. Load it with:  packer completion fish | source
# or save it as ~/.config/fish/completions/packer.fish

function __packer_complete
    set -l before (commandline -opc)
    set -l current (commandline -ct)
    set -l all (commandline -op)
    set -l next (math (count $before) + 1)
    test -n "$current"; and set next (math $next + 1)
    set -l after
    test $next -le (count $all); and set after $all[$next..-1]
    set -l program $before[1]
    set -e before[1]
    $program __complete fish (count $before) $before "$current" $after 2>/dev/null
end

complete -c packer -f -a '(__packer_complete)'
