#include "exporting.h"

static int
check_name(struct span name, struct err *e)
{
	if (colmap_lists(name))
		return 0;
	return err_set(e,
		"COLMAP cannot read the name \"%.*s\" in a list of matches: "
		"rename the image, without a blank",
		SPAN_ARG(name));
}

const char *
exporting_pair(const struct exporting *x, const struct exporting_pair *p,
	struct buf *text, struct err *e)
{
	struct span names[2];

	if (x->to == EXPORTING_NOTHING)
		return NULL;
	for (int i = 0; i < 2; i++)
		if (naming_name(&x->naming, p->images[i], &names[i], e))
			return "no_image";
	if (x->to == EXPORTING_KAPTURE)
		return kapture_match(
			       x->naming.dir, names, p->type, p->matches, e)
		               ? "write"
		               : NULL;
	if (check_name(names[0], e) || check_name(names[1], e))
		return "no_image";
	colmap_match(text, names, p->matches);
	return NULL;
}
