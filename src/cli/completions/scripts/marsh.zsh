#compdef marsh
# Completion of marsh for zsh. The program itself says what can come next.
_marsh() {
    local -a given texts shown open_texts open_shown
    local line text summary rest
    (( CURRENT > 2 )) && given=("${(@Q)words[2,CURRENT-1]}")
    given+=("${(Q)PREFIX}")
    while IFS= read -r line; do
        text=${line%%$'\t'*}
        rest=${line#*$'\t'}
        summary=${rest#*$'\t'}
        [[ -z $summary ]] && summary=$text || summary="$text  -- $summary"
        if [[ ${rest%%$'\t'*} == - ]]; then
            open_texts+=("$text")
            open_shown+=("$summary")
        else
            texts+=("$text")
            shown+=("$summary")
        fi
    done < <("${(Q)words[1]/#\~\//$HOME/}" __complete zsh "${given[@]}" 2>/dev/null </dev/null)
    (( $#texts )) && compadd -U -V marsh -l -d shown -a -- texts
    (( $#open_texts )) && compadd -U -V marsh-open -S '' -l -d open_shown -a -- open_texts
    # Names that are found by other letters than their first are only listed, so that what was typed stays.
    local one
    for one in "${texts[@]}" "${open_texts[@]}"; do
        if [[ $one != "${(Q)PREFIX}"* ]] && (( $#texts + $#open_texts > 1 )); then
            compstate[insert]=
            compstate[list]=list
            break
        fi
    done
}
if [[ $funcstack[1] == _marsh ]]; then
    _marsh "$@"
else
    compdef _marsh marsh
fi
