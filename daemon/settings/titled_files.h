#ifndef DAEMON_SETTINGS_TITLED_FILES_H_
#define DAEMON_SETTINGS_TITLED_FILES_H_

#include <fstream>
#include <string>
#include <vector>

namespace mqueue::settings {

/// A configuration file of a list for a test, and what is to be said of it.
struct TitledFile {
  std::string title, text, errors;
};

/// The files of a list; the format stands at the head of testdata/bad_files.txt.
inline std::vector<TitledFile> ReadTitledFiles(const std::string& path) {
  std::ifstream list(path);
  std::vector<TitledFile> files;
  std::string TitledFile::* part = nullptr;
  for (std::string line; std::getline(list, line);) {
    if (line.starts_with("=== ")) {
      files.push_back({.title = line.substr(4), .text = {}, .errors = {}});
      part = &TitledFile::text;
    } else if (line == "--->") {
      part = &TitledFile::errors;
    } else if (part != nullptr) {
      files.back().*part += line + '\n';
    }
  }
  return files;
}

}  // namespace mqueue::settings

#endif  // DAEMON_SETTINGS_TITLED_FILES_H_
