// What kubectl reads from manifests: one as a JSON string a line, and for each a line with its
// objects or with the refusal.
package main

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/cli-runtime/pkg/resource"
)

type result struct {
	Objects []json.RawMessage `json:"objects,omitempty"`
	Error   string            `json:"error,omitempty"`
}

// As `kubectl create` does, but without asking a server which kinds there are.
func read(path string) (result, error) {
	infos, err := resource.NewLocalBuilder().Unstructured().ContinueOnError().
		FilenameParam(false, &resource.FilenameOptions{Filenames: []string{path}}).
		Flatten().Do().Infos()
	if err != nil {
		return result{Error: strings.ReplaceAll(err.Error(), path, "FILE")}, nil
	}
	var found result
	for _, info := range infos {
		raw, err := runtime.Encode(unstructured.UnstructuredJSONScheme, info.Object)
		if err != nil {
			return found, err
		}
		found.Objects = append(found.Objects, json.RawMessage(strings.TrimSpace(string(raw))))
	}
	return found, nil
}

func run(path string) error {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<26)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for in.Scan() {
		var text string
		if err := json.Unmarshal(in.Bytes(), &text); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			return err
		}
		found, err := read(path)
		if err != nil {
			return err
		}
		if err := out.Encode(found); err != nil {
			return err
		}
	}
	return in.Err()
}

func main() {
	file, err := os.CreateTemp("", "*.yaml")
	if err != nil {
		panic(err)
	}
	defer os.Remove(file.Name())
	if err := run(file.Name()); err != nil {
		panic(err)
	}
}
