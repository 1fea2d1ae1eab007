# Completion of marsh for PowerShell. The program itself says what can come next.
Register-ArgumentCompleter -Native -CommandName marsh -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $before = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition })
    $words = @($before | Select-Object -Skip 1 | ForEach-Object {
        if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } else { $_.ToString() }
    })
    $name = $commandAst.GetCommandName()
    # An empty word is an argument too.
    $last = if ($wordToComplete) { $wordToComplete } elseif ($PSNativeCommandArgumentPassing -in 'Standard', 'Windows') { '' } else { '""' }
    & $name __complete powershell @words $last 2>$null | ForEach-Object {
        $text, $goesOn, $summary = $_ -split "`t", 3
        $quoted = if ($text -match '^[\w.:/=+-]+$') { $text } else { "'" + $text.Replace("'", "''") + "'" }
        $tip = if ($summary) { $summary } else { $text }
        [System.Management.Automation.CompletionResult]::new($quoted, $text, 'ParameterValue', $tip)
    }
}
