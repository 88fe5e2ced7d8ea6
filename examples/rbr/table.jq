# The error rates of the paper, from what cupel-fit reports: how often a
# completion that is not ideal has a higher reward than an ideal one of the same
# prompt, among prompts that the weights were not fitted to.
def cell:
  if . == null or .n == 0 then "-"
  else
    "\(.rate * 1000 | round / 1000)  (\(.worse_above) of \(.n)"
    + (if .tied > 0 then ", \(.tied) tied)" else ")" end)
  end;
def line: map(. + " " * ([22 - length, 1] | max)) | add | sub(" +$"; "");
.report as $report
| ["error rate", ($report | keys_unsorted[])],
  (
    ["RM only", "rm"], ["RM + RBR", "both"], ["RBR only", "rbr"]
    | . as [$name, $key]
    | [$name, ($report[] | .held_out.ranking_error[$key].ideal | cell)]
  )
| line
