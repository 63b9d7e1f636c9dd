#include "daemon/http/token_bucket.h"

#include <algorithm>

namespace mqueue::http {

bool TokenBucket::Take(TimePoint now) {
  const TimePoint full_at = std::max(full_at_, now) + interval_;
  // More intervals ahead than tokens would be out: then there is none.
  if (full_at - now > interval_ * burst_) return false;
  full_at_ = full_at;
  return true;
}

}  // namespace mqueue::http
