#include "daemon/os/private_memory.h"

#include <sys/mman.h>

#include <new>
#include <utility>

namespace mqueue::os {

PrivateMemory::PrivateMemory(std::size_t bytes) {
  if (bytes == 0) return;
  void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  // A kernel without it writes no less safely: the process cannot be dumped.
  ::madvise(memory, bytes, MADV_DONTDUMP);
  bytes_ = {static_cast<std::byte*>(memory), bytes};
}

PrivateMemory::PrivateMemory(PrivateMemory&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

PrivateMemory& PrivateMemory::operator=(PrivateMemory&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  return *this;
}

PrivateMemory::~PrivateMemory() {
  if (!bytes_.empty()) ::munmap(bytes_.data(), bytes_.size());
}

}  // namespace mqueue::os
