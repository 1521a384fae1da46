# Completion of textlambda's commands in fish: options are read from --help-all.
for command in textlambda-train textlambda-evaluate textlambda-predict textlambda-inspect textlambda-topics textlambda-retrain textlambda-models textlambda-replay textlambda-emulate textlambda-package textlambda-conform textlambda-sagemaker
    complete -c $command -n 'string match -q -- "-*" (commandline -ct)' \
        -a "($command --help-all | string match -ra -- '--[a-z][a-z-]+' | sort -u)"
end
