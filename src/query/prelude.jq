# What the filters of jq have and the library has not, or has otherwise.
def _divisor: if . == 0 then error("a number cannot be divided by 0") else . end;
def delpaths(paths): reduce (paths | unique | reverse | .[]) as $path (.;
  if $path == [] then null else . as $whole | try (getpath($path) |= empty) catch $whole end);
def del(of): delpaths([path(of)]);
def ltrimstr(of): of as $of
  | if isstring and ($of | isstring) and startswith($of) then .[$of | length:] else . end;
def rtrimstr(of): of as $of
  | if isstring and ($of | isstring) and endswith($of) then .[:length - ($of | length)] else . end;
def trimstr(of): of as $of | ltrimstr($of) | rtrimstr($of);
def abs: if type == "number" then if . < 0 then -. else . end else error("\(.) has no absolute value") end;
def leaf_paths: paths(scalars);
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
