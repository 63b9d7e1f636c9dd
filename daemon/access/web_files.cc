#include "daemon/access/web_files.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "daemon/yaml/config_file.h"

namespace mqueue::access {
namespace {

void Erase(std::string& secret) { ::OPENSSL_cleanse(secret.data(), secret.size()); }

}  // namespace

std::vector<std::string> PemFilesOf(const WebConfig& config) {
  std::vector<std::string> files;
  if (!config.tls) return files;
  for (const Pem* pem : {&config.tls->certificate, &config.tls->key, &config.tls->client_ca}) {
    if (!pem->file.empty()) files.push_back(pem->file);
  }
  return files;
}

WebFiles::WebFiles(const std::string& file) : stamps_({file}) {
  auto text = yaml::ReadConfigFile({.path = file, .required = true});
  AddToDigest(text);
  if (!text) {
    config_ = std::unexpected(yaml::Errors{text.error()});
    return;
  }
  config_ = ParseWebConfig(*text, file);
  // It may hold the private key.
  Erase(*text);
  if (!config_) return;
  stamps_.Add(PemFilesOf(*config_));
  auto& tls = config_->tls;
  if (!tls) return;
  for (Pem* pem : {&tls->certificate, &tls->key, &tls->client_ca}) ReadPem(*pem);
}

WebFiles::~WebFiles() {
  if (!config_) return;
  if (auto& tls = config_->tls; tls) Erase(tls->key.text);
}

void WebFiles::ReadPem(Pem& pem) {
  if (pem.file.empty()) return;
  auto bytes = yaml::ReadConfigFile({.path = pem.file, .required = true});
  AddToDigest(bytes);
  if (bytes) pem.text = *std::move(bytes);
}

// Each file extends the digest of those before it, so that bytes cannot move from one file to the next unnoticed.
void WebFiles::AddToDigest(const std::expected<std::string, std::string>& bytes) {
  if (!bytes) complete_ = false;
  const std::string_view added = bytes ? *bytes : bytes.error();
  Digest of_file{};
  ::EVP_Digest(added.data(), added.size(), of_file.data(), nullptr, ::EVP_sha256(), nullptr);
  std::array<unsigned char, 2 * sizeof(Digest)> both{};
  std::ranges::copy(digest_, both.begin());
  std::ranges::copy(of_file, both.begin() + sizeof(Digest));
  ::EVP_Digest(both.data(), both.size(), digest_.data(), nullptr, ::EVP_sha256(), nullptr);
}

}  // namespace mqueue::access
