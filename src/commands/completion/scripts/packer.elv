# Completion of packer's words in elvish. Add to rc.elv:  eval (packer completion elvish | slurp)

use str

set edit:completion:arg-completer[packer] = {|program @words|
    var before = (- (count $words) 1)
    (external $program) __complete elvish $before $@words 2>/dev/null | from-lines | each {|line|
        var text about = (str:split &max=2 "\t" $line)
        var suffix = ' '
        if (str:has-prefix $text o) {
            set suffix = ''
        }
        set text = $text[1..]
        var shown = $text
        if (not-eq $about '') {
            set shown = $text'  -- '$about
        }
        edit:complex-candidate $text &code-suffix=$suffix &display=$shown
    }
}
