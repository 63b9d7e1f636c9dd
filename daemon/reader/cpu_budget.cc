#include "daemon/reader/cpu_budget.h"

#include "daemon/os/clock.h"

namespace mqueue::reader {

CpuMeter::CpuMeter(CpuBudget& budget) : budget_(budget), charged_until_(os::ThreadCpuTime()) {}

bool CpuMeter::Spent() {
  Charge();
  return budget_.spent();
}

void CpuMeter::Charge() {
  const auto now = os::ThreadCpuTime();
  budget_.Charge(now - charged_until_);
  charged_until_ = now;
}

}  // namespace mqueue::reader
