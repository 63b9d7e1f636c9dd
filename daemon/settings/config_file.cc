#include "daemon/settings/config_file.h"

#include <fmt/core.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string_view>
#include <system_error>

namespace mqueue::settings {
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

std::expected<std::string, std::string> ReadAll(std::FILE& file, const std::string& path) {
  // One byte more than allowed tells a file that is too large, whatever its size was said to be.
  std::string bytes(kMaxConfigBytes + 1, '\0');
  bytes.resize(std::fread(bytes.data(), 1, bytes.size(), &file));
  if (std::ferror(&file) != 0) return SystemFailure(path, LastError());
  if (bytes.size() > kMaxConfigBytes) {
    return Failure(path, fmt::format("larger than {} bytes; give the path of a configuration file", kMaxConfigBytes));
  }
  return bytes;
}

}  // namespace

std::expected<std::string, std::string> ReadConfigFile(const ConfigFile& file) {
  std::error_code error;
  const fs::file_status status = fs::status(file.path, error);
  if (status.type() == fs::file_type::not_found && !file.required) return std::string();
  if (error) return SystemFailure(file.path, error);
  if (!fs::is_regular_file(status)) return Failure(file.path, "not a regular file; give the path of one");
  const OpenFile open(std::fopen(file.path.c_str(), "re"));
  if (!open) return SystemFailure(file.path, LastError());
  return ReadAll(*open, file.path);
}

}  // namespace mqueue::settings
