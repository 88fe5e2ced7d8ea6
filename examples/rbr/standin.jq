# Who writes the completions offline: a model that does as it is told. For
# cupel-standin --reply. It says what the instructions give as an example, in
# their order, with words of the request where that has an ellipsis. A question
# without instructions gets no result, so the stand-in answers it by itself.
(.messages // .input)[-1].content
| strings
| split("\n\nIn your reply:\n")
| select(length == 2)
| ([.[0] | scan("[[:alpha:]]{4,}")] | if . == [] then ["this"] else . end)
  as $words
| [.[1] | scan("\"([^\"]*)\"") | .[0]]
| join(" ")
| split("...")
| .[0] + ([
    range(1; length) as $i
    | ([range(3 * $i - 3; 3 * $i) | $words[. % ($words | length)]] | join(" "))
      + .[$i]
  ] | add // "")
