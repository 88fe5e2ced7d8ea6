#include "naming.h"

#include "side.h"

static struct span
skip(struct span s, size_t n)
{
	return (struct span){ s.s + n, s.len - n };
}

static struct span
past_slashes(struct span path)
{
	while (span_starts(path, SPAN("/")))
		path = skip(path, 1);
	return path;
}

static struct span
past_here(struct span path)
{
	while (span_starts(path, SPAN("./")))
		path = past_slashes(skip(path, 1));
	return path;
}

/* Takes the folder off the path, if the path begins with it. */
static bool
take_off(struct span folder, struct span *path)
{
	struct span inner = past_here(*path);
	bool absolute = span_starts(folder, SPAN("/"));

	folder = past_here(folder);
	while (folder.len && folder.s[folder.len - 1] == '/')
		folder.len--;
	if (span_starts(inner, SPAN("/")) != absolute)
		return false;
	if (absolute || (folder.len && !span_is(folder, "."))) {
		if (!span_starts(inner, folder))
			return false;
		inner = skip(inner, folder.len);
		if (!span_starts(inner, SPAN("/")))
			return false;
	}
	*path = past_slashes(inner);
	return true;
}

int
naming_name(const struct naming *n, struct span image, struct span *name,
	struct err *e)
{
	*name = image;
	if (n->images == NULL || take_off(span_str(n->images), name))
		return 0;
	return err_set(e,
		"\"%.*s\" is not in the folder of --images, \"%s\", as the two "
		"are spelled",
		SPAN_ARG(image), n->images);
}

int
naming_path(const struct naming *n, struct span image, const char *extension,
	struct buf *path, struct err *e)
{
	struct span name = image;

	if (n->dir && naming_name(n, image, &name, e))
		return -1;
	return side_path(path, n->dir, name, extension, e);
}
