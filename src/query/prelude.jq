# What the filters of jq have and the library has not.
def toarray: if isarray then . else [.] end;
def INDEX(rows; key): reduce rows as $row ({}; .[$row | key | tostring] = $row);
def INDEX(key): INDEX(.[]; key);
def IN(these): any(these == .; .);
def IN(values; these): any(values | IN(these); .);
def cells_of(form): if isarray | not then error("\(.) is no row: a list belongs here") else
  .[] |= (if isarray or isobject then error("\(.) cannot stand in a cell")
    elif . == null then "" elif isstring then form else tostring end) end;
def @csv: cells_of("\"" + (split("\"") | join("\"\"")) + "\"") | join(",");
def @tsv: cells_of(split("\\") | join("\\\\") | split("\t") | join("\\t") | split("\n") | join("\\n")
  | split("\r") | join("\\r")) | join("\t");
