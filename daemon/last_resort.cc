#include "daemon/last_resort.h"

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <exception>
#include <string>
#include <string_view>

namespace mqueue {
namespace {

// Never deleted: a thread may need it while the process ends.
std::atomic<const log::Log*> last_log = nullptr;

// For the log.
std::string WhatHappened() {
  const std::exception_ptr exception = std::current_exception();
  if (!exception) return "std::terminate was called";
  try {
    std::rethrow_exception(exception);
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "an exception of an unknown type";
  }
}

[[noreturn]] void EndProcess() noexcept {
  try {
    last_log.load()->Error("the process ends: an exception was not handled", {{"error", WhatHappened()}});
    last_log.load()->Finish(std::chrono::seconds(1));
  } catch (...) {
    // Without memory for a line of the log.
    constexpr std::string_view kLine = "mqueue_exporter: the process ends: no memory\n";
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, kLine.data(), kLine.size());
  }
  // Other threads may still run, so that no destructor may.
  ::_exit(1);
}

}  // namespace

void EndOnUnhandledException(const log::Log& log) {
  last_log = new log::Log(log);  // NOLINT(cppcoreguidelines-owning-memory)
  std::set_terminate(EndProcess);
}

}  // namespace mqueue
