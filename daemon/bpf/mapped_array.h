#ifndef DAEMON_BPF_MAPPED_ARRAY_H_
#define DAEMON_BPF_MAPPED_ARRAY_H_

#include <sys/mman.h>

#include <cerrno>
#include <cstddef>
#include <span>
#include <utility>

#include "daemon/os/error.h"

namespace mqueue::bpf {

/// The values of a BPF array map, mapped into this process for as long as this object lives. Move-only.
template <typename T>
class MappedArray {
 public:
  // The kernel rounds each value up to 8 bytes.
  static_assert(sizeof(T) % 8 == 0);

  MappedArray() = default;
  MappedArray(MappedArray&& other) noexcept : values_(std::exchange(other.values_, {})) {}
  MappedArray& operator=(MappedArray&& other) noexcept {
    std::swap(values_, other.values_);
    return *this;
  }
  ~MappedArray() {
    if (!values_.empty()) ::munmap(values_.data(), values_.size_bytes());
  }

  /// `map` is the descriptor of an array of `count` values of T that was made with BPF_F_MMAPABLE; it may be closed
  /// afterwards.
  static os::Result<MappedArray> Map(int map, std::size_t count) {
    void* memory = ::mmap(nullptr, count * sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED, map, 0);
    if (memory == MAP_FAILED) return os::Failure("mmap", "a BPF map", errno);
    MappedArray mapped;
    mapped.values_ = {static_cast<T*>(memory), count};
    return mapped;
  }

  std::span<T> values() const { return values_; }

 private:
  std::span<T> values_;
};

}  // namespace mqueue::bpf

#endif  // DAEMON_BPF_MAPPED_ARRAY_H_
