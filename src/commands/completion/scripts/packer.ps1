# Completion of packer's words in PowerShell. Add to $PROFILE:
#   packer completion powershell | Out-String | Invoke-Expression

Register-ArgumentCompleter -Native -CommandName packer -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $elements = @($commandAst.CommandElements)
    $program = $elements[0].ToString()
    $before = @($elements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
        ForEach-Object { $_.ToString() })
    $after = @($elements | Select-Object -Skip 1 | Where-Object { $_.Extent.StartOffset -gt $cursorPosition } |
        ForEach-Object { $_.ToString() })
    & $program __complete powershell $before.Count @before "=$wordToComplete" @after 2>$null | ForEach-Object {
        $text, $about = $_.Split("`t", 2)
        if (-not $about) { $about = $text }
        [System.Management.Automation.CompletionResult]::new($text, $text, 'ParameterValue', $about)
    }
}
