#!/bin/sh
# layers: dependencies point down, and an external library has one door.
. "$(dirname "$0")/tap.sh"
cd "$srcdir" || exit 99

# includes FILE...: "file header", headers in "" without them, in <> with them
includes() {
	awk 'sub(/^[ \t]*#[ \t]*include[ \t]*/, "") {
		sub(/^"/, ""); sub(/".*/, ""); sub(/>.*/, ">")
		print FILENAME, $0
	}' "$@"
}

# What a layer may use besides itself.
below() {
	case $1 in
	base) ;;
	record) echo base ;;
	stat) echo base record ;;
	model | vision) echo base record stat ;;
	eval) echo base record stat model ;;
	bin) echo base record stat model eval vision ;;
	*) return 1 ;;
	esac
}

for dir in lib/*/ bin/; do
	layer=$(basename "$dir")
	[ -n "$(ls "$dir"*.[ch] 2>/dev/null)" ] || continue
	allowed=$(below "$layer") || {
		report 1 "$layer is a layer: give it its place in tests/layers.t"
		continue
	}
	includes "$dir"*.[ch] | while read -r file header; do
		case $header in
		"<"*) continue ;;
		*/*) from=${header%%/*} ;;
		*) from=$layer ;;
		esac
		case " $layer $allowed " in
		*" $from "*) ;;
		*) echo "$file: \"$header\" is not in $layer or below it" ;;
		esac
		[ "$from" != "$layer" ] || [ -f "$dir${header##*/}" ] ||
			echo "$file: there is no $dir${header##*/}"
	done >"$tmp/bad"
	empty "$layer includes only what is in it or below it" "$tmp/bad"
done

# Everything but the headers of C11, POSIX and compilers belongs to some library.
includes lib/*/*.[ch] bin/*.c | grep '<' |
	grep -vE ' <((assert|complex|ctype|errno|fenv|float|inttypes|iso646|limits|locale|math|setjmp|signal|stdalign|stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdlib|stdnoreturn|string|tgmath|threads|time|wchar|wctype)|(dirent|dlfcn|fcntl|fnmatch|ftw|getopt|glob|grp|netdb|poll|pthread|pwd|regex|sched|semaphore|spawn|strings|syslog|termios|unistd|utime|wordexp)|[a-z]mmintrin|arm_neon|(arpa|net|netinet|sys)/[a-z]*)\.h>' >"$tmp/external"
sed 's/.* //' "$tmp/external" | sort -u >"$tmp/headers"
while read -r header; do
	# A module is NAME.c and NAME.h; a library may come with several headers.
	modules=$(grep -F " $header" "$tmp/external" | sed 's/\.[ch] .*//' |
		sort -u | wc -l)
	is "$header is included by one module" "$modules" 1 ||
		grep -F " $header" "$tmp/external" | diag
done <"$tmp/headers"

finish
