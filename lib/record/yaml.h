/*
 * yaml: a YAML file as JSON text.
 *
 * Grader, rule and policy files are YAML because people write them; the rest of
 * the project reads JSON, so that is what they become. Plain scalars follow the
 * YAML 1.2 core schema (null, true, false, numbers; "yes" is text), aliases are
 * resolved, and keys must be text and unique.
 */
#ifndef RECORD_YAML_H
#define RECORD_YAML_H

#include "base/buf.h"

/*
 * yaml_file(b, path, e): Append the file's one document as JSON. Returns 0, or
 * -1 with "path:line:column: reason" in ${e}.
 */
int yaml_file(struct buf *b, const char *path, struct err *e);

/* yaml_text(b, text, name, e): The same for text that calls itself ${name}. */
int yaml_text(struct buf *b, struct span text, const char *name, struct err *e);

#endif
