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

# Moments. Results have them as texts of ISO 8601; one without a zone counts as UTC.
def _zoned: if isstring | not then . elif length == 10 then . + "T00:00:00Z" elif test("(Z|[+-][0-9]{2}:?[0-9]{2})$")
  then . else . + "Z" end;
def _is_moment: isstring and length >= 10 and test("^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}.*)?$");
def fromdate: _zoned | fromdateiso8601;
def todate: if _is_moment then . else todateiso8601 end;
def _seconds: if _is_moment then fromdate elif type == "number" then . else
  error("\(.) is no date") end;
def _comparable: if _is_moment then . as $it | try fromdate catch $it else . end;
def _pair(l; r): l as $l | r as $r | ($l | type) as $of | ($r | type) as $with
  | if $of == "number" and $with == "string" then [$l, ($r | _comparable)]
    elif $of == "string" and $with == "number" then [($l | _comparable), $r] else [$l, $r] end;
def _length: if type == "number" then . elif isstring and test("^-?([0-9]+(\\.[0-9]+)?[smhdwy])+$") then
  (if startswith("-") then -1 else 1 end) * ([scan("[0-9.]+[smhdwy]") | (.[:-1] | tonumber)
    * {s: 1, m: 60, h: 3600, d: 86400, w: 604800, y: 31536000}[.[-1:]]] | add)
  else error("\(.) is no length of time: it is written like 60d, 12h or -7d") end;
def within(span): . as $it | now as $now | (span | _length) as $length
  | if $it == null or $it == "" then false else ($it | _seconds) as $from
    | (if $it | isstring and (_zoned != . and (length == 10 or endswith("T00:00:00"))) then $from + 86399 else $from end) as $to
    | if $length < 0 then $to >= $now + $length and $from <= $now else $to >= $now and $from <= $now + $length end end;
def _counted($many; $of): ($many | floor) as $many | "\($many) \($of)" + if $many == 1 then "" else "s" end;
def ago: if . == null or . == "" then null else (now - _seconds) as $past | ($past | abs) as $long
  | (if $long < 60 then _counted($long; "second") elif $long < 3600 then _counted($long / 60; "minute")
     elif $long < 172800 then _counted($long / 3600; "hour") else _counted($long / 86400; "day") end)
  | if $past < 0 then "in " + . else . + " ago" end end;
