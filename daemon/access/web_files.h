#ifndef DAEMON_ACCESS_WEB_FILES_H_
#define DAEMON_ACCESS_WEB_FILES_H_

#include <array>
#include <expected>
#include <string>
#include <vector>

#include "daemon/access/file_stamps.h"
#include "daemon/access/web_config.h"
#include "daemon/yaml/problems.h"

namespace mqueue::access {

/// The PEM files that a web configuration names.
std::vector<std::string> PemFilesOf(const WebConfig& config);

/// The web configuration and the PEM files that it names, as they were when the object was made. The private key is
/// erased from memory with the object.
class WebFiles {
 public:
  /// SHA-256 of the bytes of every file, or of the error of one that could not be read.
  using Digest = std::array<unsigned char, 32>;

  /// Reads the files. `file` is the web configuration.
  explicit WebFiles(const std::string& file);
  ~WebFiles();
  WebFiles(const WebFiles&) = delete;
  WebFiles& operator=(const WebFiles&) = delete;

  /// The configuration, or what is wrong with its file. In each Pem that names a readable file, `text` holds the bytes
  /// of that file.
  const std::expected<WebConfig, yaml::Errors>& config() const { return config_; }
  /// Taken before the files were read.
  const FileStamps& stamps() const { return stamps_; }
  const Digest& digest() const { return digest_; }
  /// False if a file could not be read. It may be readable later although its stamp stays the same.
  bool complete() const { return complete_; }

 private:
  void ReadPem(Pem& pem);
  void AddToDigest(const std::expected<std::string, std::string>& bytes);

  FileStamps stamps_;
  std::expected<WebConfig, yaml::Errors> config_;
  Digest digest_{};
  bool complete_ = true;
};

}  // namespace mqueue::access

#endif  // DAEMON_ACCESS_WEB_FILES_H_
