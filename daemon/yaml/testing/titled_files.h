#ifndef DAEMON_YAML_TESTING_TITLED_FILES_H_
#define DAEMON_YAML_TESTING_TITLED_FILES_H_

#include <gtest/gtest.h>

#include <cstddef>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace mqueue::yaml::testing {

/// A configuration file of a list, and the errors that it must get.
struct TitledFile {
  std::string title, text, errors;
};

/// The files of a list. Each has a title after "=== ", then its text, then the line "--->", then its errors.
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

/// Every error that `parse`, a function of a text and its file's name, finds, a line each; or that there is none.
template <typename Parse>
std::string ErrorsOf(const Parse& parse, std::string_view text) {
  const auto parsed = parse(text, "x.yml");
  if (parsed) return "no error\n";
  std::string errors;
  for (const std::string& error : parsed.error()) errors += error + '\n';
  return errors;
}

/// Every file of the list, which has `least` or more, gets the errors that stand there.
template <typename Parse>
void ExpectErrorsOfList(const Parse& parse, const std::string& path, std::size_t least) {
  const auto files = ReadTitledFiles(path);
  ASSERT_GE(files.size(), least);
  for (const TitledFile& file : files) {
    EXPECT_EQ(ErrorsOf(parse, file.text), file.errors) << "for:\n=== " << file.title << '\n' << file.text;
  }
}

}  // namespace mqueue::yaml::testing

#endif  // DAEMON_YAML_TESTING_TITLED_FILES_H_
