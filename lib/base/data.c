#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "data.h"

/* From the executable's folder: installed, in the source tree, in build/. */
static const char *const near[] = { "../share/cupel", "../share",
	"../../share" };

static bool
is_there(struct buf *path, const char *dir, const char *name)
{
	buf_printf(path, "%s/%s", dir, name);
	return access(buf_cstr(path), R_OK) == 0;
}

static bool
is_near(struct buf *path, const char *name)
{
	char exe[4096];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	char *slash;

	if (n <= 0)
		return false;
	exe[n] = '\0';
	slash = strrchr(exe, '/');
	if (slash == NULL)
		return false;
	*slash = '\0';
	for (size_t i = 0; i < sizeof(near) / sizeof(*near); i++) {
		buf_clear(path);
		buf_printf(path, "%s/", exe);
		if (is_there(path, near[i], name))
			return true;
	}
	return false;
}

int
data_path(struct buf *path, const char *name, struct err *e)
{
	const char *own = getenv("CUPEL_DATA");

	buf_clear(path);
	if (own && *own && is_there(path, own, name))
		return 0;
	if (is_near(path, name))
		return 0;
	buf_clear(path);
	if (is_there(path, PKGDATADIR, name))
		return 0;
	return err_set(e,
		"%s is neither in $CUPEL_DATA nor beside the tools nor in %s",
		name, PKGDATADIR);
}

/* Adds the names of the YAML files in ${dir}. */
static void
add_names(struct buf *names, const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *f;

	while (d && (f = readdir(d))) {
		const char *end = strstr(f->d_name, ".yaml");

		if (end && end[5] == '\0')
			buf_printf(names, "%s%.*s", names->len ? ", " : "",
				(int)(end - f->d_name), f->d_name);
	}
	if (d)
		closedir(d);
}

/* A name that there is no file for: say which there are. */
static int
no_such_name(const char *dir, const char *name, struct err *e)
{
	struct buf path = { 0 }, names = { 0 };

	if (data_path(&path, dir, e) == 0) {
		add_names(&names, buf_cstr(&path));
		err_set(e,
			"there is no built-in %s; there are %s, and a path "
			"names a file of your own",
			name, names.len ? buf_cstr(&names) : "none");
	}
	buf_release(&names);
	buf_release(&path);
	return -1;
}

int
data_yaml(struct buf *path, const char *dir, const char *name, struct err *e)
{
	struct buf file = { 0 };
	size_t len = strlen(name);
	int rc;

	buf_clear(path);
	if (strchr(name, '/') ||
		(len > 5 && strcmp(name + len - 5, ".yaml") == 0)) {
		buf_add(path, span_str(name));
		return 0;
	}
	buf_printf(&file, "%s/%s.yaml", dir, name);
	rc = data_path(path, buf_cstr(&file), e);
	if (rc)
		rc = no_such_name(dir, name, e);
	buf_release(&file);
	return rc;
}
