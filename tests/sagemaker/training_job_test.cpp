#include "textlambda/sagemaker/training_job.h"

#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <vector>

#include "textlambda/io/error.h"

#include "tests/catch.h"
#include "tests/temporary_folder.h"

namespace textlambda::sagemaker {
namespace {

namespace fs = std::filesystem;

struct Job {
  Job() {
    fs::create_directories(folder.path("input/config"));
    fs::create_directories(folder.path("input/data"));
  }
  void config(const std::string& name, const std::string& json) const { folder.write("input/config/" + name, json); }
  TrainingJob read() const { return read_training_job(folder.path("")); }

  TemporaryFolder folder;
};

TEST_CASE("channels come as files, or as a pipe of the first epoch") {
  const Job job;
  job.config("inputdataconfig.json",
             R"({"validation": {"ContentType": "text/csv", "TrainingInputMode": "File", "RecordWrapperType": "None"},
                 "train": {"TrainingInputMode": "Pipe"}})");
  const TrainingJob read = job.read();
  REQUIRE(read.channels.size() == 2);
  CHECK(read.channels[0].name == "train");
  CHECK(read.channels[0].is_pipe);
  CHECK(read.channels[0].path == job.folder.path("") + "/input/data/train_0");
  CHECK(channel_files(read.channels[0]) == std::vector<std::string>{read.channels[0].path});
  CHECK(read.channels[1].content_type == "text/csv");
  CHECK_FALSE(read.channels[1].is_pipe);
  CHECK(read.channel("train") == &read.channels[0]);
  CHECK(read.channel("test") == nullptr);
}

TEST_CASE("a channel's files are in order, hidden ones and empty folders are none") {
  const Job job;
  for (const char* name : {"train/b", "train/.hidden", "train/empty"}) {
    fs::create_directories(job.folder.path(std::string("input/data/") + name));
  }
  for (const char* name : {"train/c.csv", "train/a.csv", "train/b/x.csv", "train/.hidden/y.csv", "train/.z"}) {
    job.folder.write(std::string("input/data/") + name, "x");
  }
  const TrainingJob read = job.read();  // no configuration: folders are channels
  REQUIRE(read.channels.size() == 1);
  std::vector<std::string> names;
  for (const std::string& file : channel_files(read.channels[0])) {
    names.push_back(fs::relative(file, job.folder.path("input/data/train")).string());
  }
  CHECK(names == std::vector<std::string>{"a.csv", "b/x.csv", "c.csv"});
  fs::remove_all(job.folder.path("input/data/train"));
  CHECK_THROWS_AS(channel_files(read.channels[0]), io::Error);
  fs::create_directories(job.folder.path("input/data/train"));
  CHECK_THROWS_AS(channel_files(read.channels[0]), io::Error);
}

TEST_CASE("what would train on a part, or on records that are not rows, is refused") {
  const std::string two_hosts = R"({"current_host": "algo-1", "hosts": ["algo-1", "algo-2"]})";
  const std::string sharded = R"({"train": {"S3DistributionType": "ShardedByS3Key"}})";
  const Job job;
  job.config("inputdataconfig.json", sharded);
  CHECK_NOTHROW(job.read());  // one machine has all of it
  job.config("resourceconfig.json", two_hosts);
  CHECK_THROWS_WITH(job.read(), Catch::Contains("channel train: ShardedByS3Key given and 2 instances"));
  job.config("inputdataconfig.json", R"({"train": {"S3DistributionType": "FullyReplicated"}})");
  CHECK_NOTHROW(job.read());
  job.config("inputdataconfig.json", R"({"train": {"RecordWrapperType": "RecordIO"}})");
  CHECK_THROWS_WITH(job.read(), Catch::Contains("RecordWrapperType \"RecordIO\" given, expected None"));
  for (const char* json : {"[]", "{\"train\": 1}", "{\"../x\": {}}", "{\"\": {}}", "{", "{\".\": {}}"}) {
    job.config("inputdataconfig.json", json);
    CHECK_THROWS_AS(job.read(), io::Error);
  }
}

TEST_CASE("the model to serve is model.tlm, or the only one") {
  const Job job;
  const std::string root = job.folder.path("");
  CHECK_THROWS_AS(find_model(root), io::Error);
  fs::create_directories(root + "/model");
  CHECK_THROWS_WITH(find_model(root), Catch::Contains("0 files *.tlm found"));
  job.folder.write("model/tickets.tlm", "x");
  CHECK(find_model(root) == root + "/model/tickets.tlm");
  job.folder.write("model/other.tlm", "x");
  CHECK_THROWS_WITH(find_model(root), Catch::Contains("2 files *.tlm found"));
  job.folder.write("model/model.tlm", "x");
  CHECK(find_model(root) == root + "/model/model.tlm");
}

TEST_CASE("lines with a source are a manifest where BlazingText's settings are") {
  const Job job;
  job.config("inputdataconfig.json", R"({"train": {"ContentType": "application/jsonlines"}, "b": {}})");
  CHECK_FALSE(is_manifest(job.read(), job.read().channels[1]));
  job.config("hyperparameters.json", R"({"mode": "supervised"})");
  const TrainingJob read = job.read();
  CHECK(is_manifest(read, *read.channel("train")));
  CHECK_FALSE(is_manifest(read, *read.channel("b")));
}

}  // namespace
}  // namespace textlambda::sagemaker
