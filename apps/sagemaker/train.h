// textlambda-sagemaker train: a training job's folder → a model in it.
#pragma once

namespace textlambda::command {

// argv[0] is the word "train". Returns the exit status; what ends the job is in output/failure too.
int sagemaker_train_main(int argc, char** argv);

}  // namespace textlambda::command
