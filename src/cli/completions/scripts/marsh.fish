# Completion of marsh for fish. The program itself says what can come next.
function __marsh_complete
    set -l words (commandline -opc)
    set -l marsh $words[1]
    set -e words[1]
    set -l last (commandline -ct)
    $marsh __complete fish $words "$last" 2>/dev/null </dev/null | while read -l -d \t text goes_on summary
        printf '%s\t%s\n' $text $summary
    end
end
complete -c marsh -e
complete -c marsh -f -k -a '(__marsh_complete)'
