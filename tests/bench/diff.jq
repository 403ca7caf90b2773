# Two snapshots, given as --slurpfile old and new: what changed.
def by_id: reduce .[] as $r ({}; .[$r.id] = $r);
($old | by_id) as $a | ($new | by_id) as $b
| (($b[] | . as $r | $a[.id] as $was
    | if $was == null then {id: .id, op: "create", fields: null}
      elif $was == $r then empty
      else {id: .id, op: "update",
            fields: (reduce ($r + $was | keys_unsorted[]) as $k ({};
              if $r[$k] == $was[$k] then .
              else .[$k] = {old: $was[$k], new: $r[$k]} end))} end),
   ($a[] | select($b[.id] == null) | {id: .id, op: "delete", fields: null}))
