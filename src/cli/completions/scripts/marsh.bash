# Completion of marsh for bash. The program itself says what can come next.
_marsh() {
    local marsh=${1/#\~\//$HOME/} line open=1 word goes_on
    COMPREPLY=()
    while IFS= read -r line; do
        word=${line%%$'\t'*}
        goes_on=${line#*$'\t'}
        [[ ${goes_on%%$'\t'*} == - ]] || open=
        COMPREPLY+=("$word")
    done < <("$marsh" __complete bash "${COMP_LINE:0:COMP_POINT}" "$2" 2>/dev/null </dev/null)
    # Behind a folder or `work:` the word goes on.
    [[ -z $open || ${#COMPREPLY[@]} == 0 ]] || compopt -o nospace 2>/dev/null
}
complete -o nosort -F _marsh marsh 2>/dev/null || complete -F _marsh marsh
