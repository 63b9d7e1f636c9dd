#ifndef DAEMON_PIPELINE_CPU_ACCOUNT_H_
#define DAEMON_PIPELINE_CPU_ACCOUNT_H_

#include <chrono>

namespace mqueue::pipeline {

/// Balances the CPU time that the pipeline uses against peek.cpu_budget. Time accrues budget, up to what one interval
/// accrues; work is charged after it is done, and may overdraw. An overdrawn account delays the next round until it is
/// balanced, so that in the long run the pipeline uses no more than its share of a core. Not thread-safe.
class CpuAccount {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// `share` is the part of one core, above 0. The account begins with the budget of one interval.
  CpuAccount(double share, std::chrono::milliseconds interval, Time now);

  /// Another share and interval from now on; a debt stays.
  void Configure(double share, std::chrono::milliseconds interval, Time now);

  /// The budget of one interval, the most that Balance returns.
  std::chrono::nanoseconds Most() const { return most_; }

  /// CPU time was used. Not negative.
  void Charge(std::chrono::nanoseconds used) { balance_ -= used; }

  /// CPU time that may be used; negative while the account is overdrawn. Calls come in the order of `now`.
  std::chrono::nanoseconds Balance(Time now);

  /// How long until the account is balanced; 0 if it is.
  std::chrono::nanoseconds UntilBalanced(Time now);

  /// How long it takes to accrue this CPU time.
  std::chrono::nanoseconds TimeToAccrue(std::chrono::nanoseconds cpu_time) const;

 private:
  double share_;
  std::chrono::nanoseconds most_;
  std::chrono::nanoseconds balance_;
  Time accrued_until_;
};

}  // namespace mqueue::pipeline

#endif  // DAEMON_PIPELINE_CPU_ACCOUNT_H_
