// textlambda-sagemaker serve: an endpoint's model behind HTTP.
#pragma once

namespace textlambda::command {

// argv[0] is the word "serve". Returns the exit status, once SIGTERM or SIGINT has come and what was asked is answered.
int sagemaker_serve_main(int argc, char** argv);

}  // namespace textlambda::command
