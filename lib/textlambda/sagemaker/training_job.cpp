#include "textlambda/sagemaker/training_job.h"

#include <algorithm>
#include <filesystem>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/io/error.h"
#include "textlambda/io/mapped_file.h"
#include "textlambda/json/document.h"

namespace textlambda::sagemaker {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

std::string config_path(const std::string& root, const char* name) { return root + "/input/config/" + name; }
std::string data_path(const std::string& root) { return root + "/input/data"; }

std::optional<Json> read_config(const std::string& path) {
  if (!fs::exists(path)) return std::nullopt;
  const io::MappedFile file = io::MappedFile::open(path);
  Json document;
  if (const std::string fault = json::read(file.view(), {}, document); !fault.empty()) io::throw_input(fault, path);
  if (!document.is_object()) io::throw_input("expected a JSON object", path);
  return document;
}

// How many machines the job has.
std::size_t host_count(const std::string& root) {
  const std::optional<Json> resources = read_config(config_path(root, "resourceconfig.json"));
  if (!resources) return 1;
  const Json* hosts = json::member(*resources, "hosts");
  return hosts != nullptr && hosts->is_array() ? hosts->size() : 1;
}

Channel read_channel(const std::string& root, const std::string& name, const Json& config, std::size_t hosts) {
  Channel channel;
  channel.name = name;
  channel.content_type = json::string_or_empty(config, "ContentType");
  channel.is_pipe = json::string_or_empty(config, "TrainingInputMode") == "Pipe";
  channel.path = data_path(root) + "/" + name + (channel.is_pipe ? "_0" : "");
  if (const std::string wrapper = json::string_or_empty(config, "RecordWrapperType");
      !wrapper.empty() && wrapper != "None") {
    io::throw_usage(
        fmt::format("channel {}: RecordWrapperType \"{}\" given, expected None: use File mode", name, wrapper));
  }
  if (hosts > 1 && json::string_or_empty(config, "S3DistributionType") == "ShardedByS3Key") {
    io::throw_usage(
        fmt::format("channel {}: ShardedByS3Key given and {} instances, expected one instance: no corpus is too large "
                    "for it, or FullyReplicated",
                    name, hosts));
  }
  return channel;
}

// Without a configuration, as somebody runs it by hand: each folder is a channel.
std::vector<Channel> channels_of_folders(const std::string& root) {
  std::vector<Channel> channels;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(data_path(root), ignored)) {
    if (entry.is_directory()) channels.push_back({entry.path().filename().string(), "", false, entry.path().string()});
  }
  std::sort(channels.begin(), channels.end(), [](const Channel& a, const Channel& b) { return a.name < b.name; });
  return channels;
}

std::vector<Channel> read_channels(const std::string& root) {
  const std::string path = config_path(root, "inputdataconfig.json");
  const std::optional<Json> config = read_config(path);
  if (!config) return channels_of_folders(root);
  const std::size_t hosts = host_count(root);
  std::vector<Channel> channels;
  for (const auto& [name, settings] : config->items()) {
    if (!settings.is_object()) io::throw_input(fmt::format("{}: expected a JSON object", name), path);
    if (name.empty() || name.find('/') != std::string::npos || name.front() == '.') {
      io::throw_input(fmt::format("\"{}\": no name of a channel", name), path);
    }
    channels.push_back(read_channel(root, name, settings, hosts));
  }
  return channels;
}

}  // namespace

const Channel* TrainingJob::channel(std::string_view name) const {
  const auto found = std::find_if(channels.begin(), channels.end(), [&](const Channel& c) { return c.name == name; });
  return found == channels.end() ? nullptr : &*found;
}

std::vector<std::string> channel_files(const Channel& channel) {
  if (channel.is_pipe) return {channel.path};
  std::vector<std::string> files;
  std::error_code error;
  const auto options = fs::directory_options::follow_directory_symlink;
  for (fs::recursive_directory_iterator it(channel.path, options, error), end; !error && it != end;
       it.increment(error)) {
    if (it->path().filename().string().front() == '.') {
      it.disable_recursion_pending();
    } else if (!it->is_directory()) {
      files.push_back(it->path().string());
    }
  }
  if (error) io::throw_input("cannot be read: " + error.message(), channel.path);
  if (files.empty()) io::throw_input(fmt::format("no files found in channel {}", channel.name), channel.path);
  std::sort(files.begin(), files.end());
  return files;
}

TrainingJob read_training_job(const std::string& root) {
  TrainingJob job;
  const std::string path = config_path(root, "hyperparameters.json");
  if (fs::exists(path)) job.hyperparameters = read_hyperparameters(io::MappedFile::open(path).view(), path);
  job.channels = read_channels(root);
  return job;
}

std::string model_path(const std::string& root) { return root + "/model/model.tlm"; }
std::string failure_path(const std::string& root) { return root + "/output/failure"; }

std::string find_model(const std::string& root) {
  if (fs::exists(model_path(root))) return model_path(root);
  const std::string folder = root + "/model";
  std::vector<std::string> found;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".tlm") found.push_back(entry.path().string());
  }
  if (error) io::throw_input("cannot be read: " + error.message(), folder);
  if (found.size() != 1) {
    io::throw_input(fmt::format("{} files *.tlm found, expected model.tlm or one of another name", found.size()),
                    folder);
  }
  return found.front();
}

bool is_manifest(const TrainingJob& job, const Channel& channel) {
  return job.hyperparameters.blazing_text &&
         (channel.content_type.find("jsonlines") != std::string::npos || channel.content_type.ends_with("/json"));
}

}  // namespace textlambda::sagemaker
