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
std::vector<fs::path> usual_places(const std::string& other_architecture) {
  const fs::path own = own_folder();
  const fs::path installed = (own / TEXTLAMBDA_LIBEXEC).lexically_normal();
  if (other_architecture.empty()) return {installed / "bootstrap", own / "bootstrap"};
  const std::string name = "bootstrap-" + other_architecture;
  return {installed / name, own / name,
          (own / ".." / ".." / other_architecture / "apps" / "bootstrap").lexically_normal()};
}

}  // namespace

std::string find_bootstrap(const std::string& other_architecture) {
  std::string looked;
  for (const fs::path& path : usual_places(other_architecture)) {
    std::error_code error;
    if (fs::is_regular_file(path, error)) return path.string();
    looked += (looked.empty() ? "" : ", ") + path.string();
  }
  io::throw_input("no bootstrap" + (other_architecture.empty() ? "" : " for " + other_architecture) +
                  " found, looked for " + looked + "; name one on the command line");
}

}  // namespace textlambda::command
