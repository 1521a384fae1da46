#include "command/bootstrap_path.h"

#include <filesystem>
#include <system_error>
#include <vector>

#include "textlambda/io/error.h"

namespace textlambda::command {
namespace {

namespace fs = std::filesystem;

fs::path own_folder() {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  return error ? fs::path(".") : self.parent_path();
}

// TEXTLAMBDA_LIBEXEC: the installed bootstrap's folder, as seen from the commands'.
std::vector<fs::path> usual_places(const std::string& name) {
  const fs::path own = own_folder();
  return {(own / TEXTLAMBDA_LIBEXEC).lexically_normal() / name, own / name};
}

std::string first_there(const std::vector<fs::path>& places, const std::string& what) {
  std::string looked;
  for (const fs::path& path : places) {
    std::error_code error;
    if (fs::is_regular_file(path, error)) return path.string();
    looked += (looked.empty() ? "" : ", ") + path.string();
  }
  io::throw_input("no " + what + " found, looked for " + looked + "; name one on the command line");
}

}  // namespace

std::string find_program(const std::string& name, const std::string& other_architecture) {
  if (other_architecture.empty()) return first_there(usual_places(name), name);
  std::vector<fs::path> places = usual_places(name + "-" + other_architecture);
  places.push_back((own_folder() / ".." / ".." / other_architecture / "apps" / name).lexically_normal());
  return first_there(places, name + " for " + other_architecture);
}

std::string bootstrap_name(const std::string& function) {
  if (function == "serve-s3") return "bootstrap-s3";
  return function == "retrain" ? "bootstrap-retrain" : "bootstrap";
}

}  // namespace textlambda::command
