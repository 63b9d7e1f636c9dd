#ifndef DAEMON_PIPELINE_WORKER_POOL_H_
#define DAEMON_PIPELINE_WORKER_POOL_H_

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "daemon/os/error.h"

namespace mqueue::pipeline {

/// A fixed number of threads that run tasks in the order in which they were posted. A task that throws ends the process
/// (std::terminate). Post and Busy may be called from any thread, everything else from one.
class WorkerPool {
 public:
  /// Fails when the system refuses a thread; no thread is left running then.
  static os::Result<std::unique_ptr<WorkerPool>> Start(std::size_t threads);

  explicit WorkerPool(std::size_t threads);
  /// Calls Join.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  void Post(std::move_only_function<void()> task);

  /// Drops the tasks that have not begun, and waits for those that have, however long they take. Nothing runs after it.
  void Join();

  /// Threads.
  std::size_t size() const { return threads_.size(); }

  /// Tasks that have begun and not returned.
  std::size_t Busy() const { return busy_; }

 private:
  void Run();

  boost::asio::io_context tasks_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::atomic<std::size_t> busy_ = 0;
  std::vector<std::thread> threads_;
};

/// The threads of a scheduler. Discovery and rendering have one each: neither waits for slow looks, and metrics are
/// still rendered when discovery hangs, so that they can show it.
struct Workers {
  std::unique_ptr<WorkerPool> looks;
  std::unique_ptr<WorkerPool> discovery;
  std::unique_ptr<WorkerPool> rendering;

  static os::Result<Workers> Start();

  /// Joins every pool; Busy may be called meanwhile.
  void Join() const;

  /// "looks, discovery": the pools with a task that has not returned; empty when there is none. Thread-safe.
  std::string Busy() const;
};

}  // namespace mqueue::pipeline

#endif  // DAEMON_PIPELINE_WORKER_POOL_H_
