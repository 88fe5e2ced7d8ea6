#!/bin/sh
# quickstart: what examples/quickstart says at its end is true, whoever calls it
# from wherever. The build and the stand-in are played here: the steps themselves
# are those of example-healthbench.t.
. "$(dirname "$0")/tap.sh"

mkdir -p 'a tree/examples' 'a tree/tests' 'a tree/man'
cp "$srcdir/examples/quickstart" 'a tree/examples'
cat >'a tree/tests/build' <<'E2'
#!/bin/sh
mkdir -p build/bin
printf '#!/bin/sh\n' >build/bin/cupel-standin
chmod +x build/bin/cupel-standin
E2
chmod +x 'a tree/tests/build'
"a tree/examples/quickstart" >said 2>&1
report $? 'it runs' || diag <said

is 'it names the folder of the tools' \
	"$(sed -n 's/^  PATH="\(.*\):\$PATH"$/\1/p' said)" "$tmp/a tree/build/bin"
grep -qF "In $tmp/a tree:" said
report $? 'and that of the manuals' || diag <said
sed -n 's/^  man //p; s/^.*make -C \([^ ]*\).*/\1/p' said | sort -u >named
[ "$(wc -l <named)" -eq 3 ]
report $? 'it says what to read and what to try' || diag <named
while read -r f; do
	[ -e "$srcdir/$f" ] || echo "there is no $f"
done <named >bad
empty 'all of it is there' bad
finish
