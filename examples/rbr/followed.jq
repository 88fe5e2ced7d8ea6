# Did the completions turn out as they were told to? By the grader, of each side
# of each proposition: how many were told so, and how many of those are so.
[
  inputs
  | . as $r
  | (.traits // {} | to_entries[])
  | ($r.propositions[.key]? | numbers) as $p
  | {trait: "\(.key) \(.value)", so: (($p >= 0.5) == .value)}
]
| group_by(.trait)[]
| .[0].trait as $trait
| ([.[] | select(.so)] | length) as $so
| "\($trait)\(" " * ([22 - ($trait | length), 1] | max))\($so) of \(length)"
