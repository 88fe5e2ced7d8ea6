# The instructions that were drawn, appended to their prompts: a completion
# each. The prompt as it was is kept beside, for whoever judges the completion.
sort_by([.prompt_id, .slot])
| group_by([.prompt_id, .slot[0]])[]
| (map(.trait) | add) as $traits
| ([.[].instruction | "- " + .] | join("\n")) as $instructions
| .[0]
| del(.slot, .trait, .instruction)
  + {sample: .slot[0], traits: $traits, bare_prompt: .prompt}
| .prompt[-1].content += "\n\nIn your reply:\n" + $instructions
