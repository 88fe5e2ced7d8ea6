# The records of cupel-recall as a table: what the answers are ordered by, and
# the share of the queries that have a right one among the first.
def percent: if . == null then "-" else "\(. * 1000 | round / 10) %" end;
def row($name): [$name, (.["recall@1", "recall@5", "recall@10", "recall@20"] |
	percent)];
def pad($n): . + " " * ([$n - length, 0] | max);
def left($n): " " * ([$n - length, 0] | max) + .;

.[0] as $first |
[["a right place among the first", "1", "5", "10", "20"],
	(.[0] | row("like the query as a whole")),
	(.[1] | row("and keypoints that fit")),
	(.[2] | row("looking the same way, too"))] |
(.[] | (.[0] | pad(31)) + (.[1:] | map(left(9)) | add)),
"",
"\($first.n) queries, \($first.missing) not answered, \($first.database) pictures in the database"
