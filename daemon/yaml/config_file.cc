#include "daemon/yaml/config_file.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string_view>
#include <system_error>

#include "daemon/os/unique_fd.h"

namespace mqueue::yaml {
namespace {

namespace fs = std::filesystem;

struct Closer {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using OpenFile = std::unique_ptr<std::FILE, Closer>;

std::unexpected<std::string> Failure(const std::string& path, std::string_view what) {
  return std::unexpected(fmt::format("{}: {}", path, what));
}

std::unexpected<std::string> SystemFailure(const std::string& path, const std::error_code& error) {
  return Failure(path, fmt::format("cannot be read: {}; give the path of a readable file", error.message()));
}

std::error_code LastError() { return {errno, std::generic_category()}; }

std::unexpected<std::string> TooLarge(const std::string& path) {
  return Failure(path, fmt::format("larger than {} bytes; write a shorter one", kMaxConfigBytes));
}

// Waits for bytes or for the end; false when `deadline` has passed.
bool WaitFor(int pipe, std::chrono::steady_clock::time_point deadline) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    pollfd wanted{.fd = pipe, .events = POLLIN, .revents = 0};
    const int ready = left > 0 ? ::poll(&wanted, 1, static_cast<int>(left)) : 0;
    if (ready >= 0 || errno != EINTR) return ready > 0;
  }
}

std::expected<std::string, std::string> ReadPipe(const std::string& path, std::chrono::milliseconds patience) {
  // Opening must not wait for a writer.
  const os::UniqueFd pipe(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!pipe) return SystemFailure(path, LastError());
  const auto deadline = std::chrono::steady_clock::now() + patience;
  std::string bytes;
  while (bytes.size() <= kMaxConfigBytes) {
    if (!WaitFor(pipe.get(), deadline)) {
      return Failure(path, fmt::format("the pipe was not closed by its writer within {} ms; give the path of a file",
                                       patience.count()));
    }
    std::array<char, 1 << 16> buffer;
    const ssize_t count = ::read(pipe.get(), buffer.data(), buffer.size());
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (count < 0) return SystemFailure(path, LastError());
    if (count > 0) {
      bytes.append(buffer.data(), static_cast<std::size_t>(count));
    } else if (bytes.empty()) {
      return Failure(path, "the pipe is empty; run the command that fills it on its own, or give the path of a file");
    } else {
      return bytes;
    }
  }
  return TooLarge(path);
}

std::expected<std::string, std::string> ReadAll(std::FILE& file, const std::string& path) {
  // One byte more than allowed tells a file that is too large, whatever its size was said to be.
  std::string bytes(kMaxConfigBytes + 1, '\0');
  bytes.resize(std::fread(bytes.data(), 1, bytes.size(), &file));
  if (std::ferror(&file) != 0) return SystemFailure(path, LastError());
  if (bytes.size() > kMaxConfigBytes) return TooLarge(path);
  return bytes;
}

}  // namespace

std::expected<std::string, std::string> ReadConfigFile(const ConfigFile& file) {
  std::error_code error;
  const fs::file_status status = fs::status(file.path, error);
  if (status.type() == fs::file_type::not_found && !file.required) return std::string();
  if (error) return SystemFailure(file.path, error);
  if (fs::is_fifo(status)) {
    if (file.pipe_allowed) return ReadPipe(file.path, file.pipe_patience);
    return Failure(file.path, "is a pipe, which cannot be read again; give the path of a regular file and restart");
  }
  if (!fs::is_regular_file(status)) return Failure(file.path, "not a regular file; give the path of one");
  const OpenFile open(std::fopen(file.path.c_str(), "re"));
  if (!open) return SystemFailure(file.path, LastError());
  return ReadAll(*open, file.path);
}

bool IsPipe(const std::string& path) {
  std::error_code error;
  return fs::is_fifo(path, error);
}

}  // namespace mqueue::yaml
