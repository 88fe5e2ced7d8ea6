# A prompt becomes every instruction that could be appended to it, a record
# each.
#
# The policy says of each response type which completions each prompt gets. A
# completion has a type and a list of traits. A trait is a proposition and
# which way it is to be; where there are several, chance takes one. For each
# side of each proposition there are instructions, and chance takes one of
# those, too: cupel-sample -n 1 --by '[.prompt_id, .slot]' is that chance.
$policy[0] as $policy
| .response_type as $type
| . + {
    completions: ($policy.completions[$type]
      // error("the policy has no completions for \($type)"))
  }
| [
    range(.completions | length) as $i
    | .completions[$i] as $completion
    | range($completion.traits | length) as $j
    | ($completion.traits[$j] | to_entries[]) as $trait
    | ($policy.instructions[$trait.key][$trait.value | tostring]
      // error("the policy has no instruction for \($trait.key)"))[]
    | {
        slot: [$i, $j],
        completion_type: $completion.completion_type,
        trait: ($trait | {(.key): .value}),
        instruction: .
      }
  ] as $options
| del(.completions)
| . + ($options | to_entries[] | {sample: .key} + .value)
