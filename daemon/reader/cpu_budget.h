#ifndef DAEMON_READER_CPU_BUDGET_H_
#define DAEMON_READER_CPU_BUDGET_H_

#include <atomic>
#include <chrono>

namespace mqueue::reader {

/// The CPU time that one round of looks may use, shared by the threads that look. Thread-safe.
class CpuBudget {
 public:
  explicit CpuBudget(std::chrono::nanoseconds limit) : left_(limit.count()) {}

  /// Takes what was used off the budget; may overdraw it.
  void Charge(std::chrono::nanoseconds used) { left_.fetch_sub(used.count(), std::memory_order_relaxed); }

  /// Whether nothing is left.
  bool spent() const { return left_.load(std::memory_order_relaxed) <= 0; }

 private:
  std::atomic<std::chrono::nanoseconds::rep> left_;
};

/// Charges a budget with the CPU time of the thread that owns it. Not thread-safe.
class CpuMeter {
 public:
  explicit CpuMeter(CpuBudget& budget);
  ~CpuMeter() { Charge(); }
  CpuMeter(const CpuMeter&) = delete;
  CpuMeter& operator=(const CpuMeter&) = delete;

  /// Charges what this thread has used since the last call or construction, and says whether the budget is spent.
  bool Spent();

 private:
  void Charge();

  CpuBudget& budget_;
  std::chrono::nanoseconds charged_until_;
};

}  // namespace mqueue::reader

#endif  // DAEMON_READER_CPU_BUDGET_H_
