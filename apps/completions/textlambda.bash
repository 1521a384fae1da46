# Completion of textlambda's commands in bash: options are read from --help-all, so they are never out of date.
_textlambda() {
  COMPREPLY=()
  if [[ $2 == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$("$1" --help-all 2> /dev/null | grep -oE -- '--[a-z][a-z-]+' | sort -u)" -- "$2")
  fi
}
complete -o default -o bashdefault -F _textlambda textlambda-train textlambda-evaluate textlambda-predict textlambda-inspect textlambda-topics textlambda-retrain textlambda-models textlambda-replay textlambda-emulate textlambda-package textlambda-conform textlambda-sagemaker
