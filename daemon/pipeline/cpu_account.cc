#include "daemon/pipeline/cpu_account.h"

#include <algorithm>

namespace mqueue::pipeline {
namespace {

using std::chrono::nanoseconds;

nanoseconds PartOf(nanoseconds time, double share) { return std::chrono::duration_cast<nanoseconds>(time * share); }

}  // namespace

CpuAccount::CpuAccount(double share, std::chrono::milliseconds interval, Time now)
    : share_(share), most_(PartOf(interval, share)), balance_(most_), accrued_until_(now) {}

void CpuAccount::Configure(double share, std::chrono::milliseconds interval, Time now) {
  Balance(now);
  share_ = share;
  most_ = PartOf(interval, share);
  balance_ = std::min(balance_, most_);
}

nanoseconds CpuAccount::Balance(Time now) {
  balance_ = std::min(balance_ + PartOf(now - accrued_until_, share_), most_);
  accrued_until_ = now;
  return balance_;
}

nanoseconds CpuAccount::UntilBalanced(Time now) {
  // One nanosecond more than it takes, since times are rounded down.
  return Balance(now) >= nanoseconds(0) ? nanoseconds(0) : TimeToAccrue(-balance_) + nanoseconds(1);
}

nanoseconds CpuAccount::TimeToAccrue(nanoseconds cpu_time) const {
  return std::chrono::duration_cast<nanoseconds>(cpu_time / share_);
}

}  // namespace mqueue::pipeline
