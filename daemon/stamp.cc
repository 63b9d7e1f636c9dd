// Compiled when a binary is linked, with Bazel's header of build information included: only the link depends on it.
#include "daemon/stamp.h"

namespace mqueue {

const char kStamp[] = BUILD_EMBED_LABEL;

}  // namespace mqueue
