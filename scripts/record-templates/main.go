// Prints an object as `kubectl get -o go-template` does: an object and templates, one per line as
// JSON, come in; for each, what is printed and the exit status go out.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/cli-runtime/pkg/printers"
)

type recorded struct {
	Output string `json:"output"`
	Exit   int    `json:"exit"`
}

func print(object *unstructured.Unstructured, text string) recorded {
	// The words around errors: genericclioptions/template_flags.go, pkg/cmd/util/helpers.go.
	printer, err := printers.NewGoTemplatePrinter([]byte(text))
	if err != nil {
		return recorded{fmt.Sprintf("error: error parsing template %s, %v\n", text, err), 1}
	}
	printer.AllowMissingKeys(true)
	var out bytes.Buffer
	if err := printer.PrintObj(object, &out); err != nil {
		return recorded{fmt.Sprintf("%serror: %v\n", out.String(), err), 1}
	}
	return recorded{out.String(), 0}
}

func main() {
	object := &unstructured.Unstructured{}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	out := json.NewEncoder(os.Stdout)
	for first := true; lines.Scan(); first = false {
		if first {
			if err := object.UnmarshalJSON(lines.Bytes()); err != nil {
				panic(err)
			}
			continue
		}
		var text string
		if err := json.Unmarshal(lines.Bytes(), &text); err != nil {
			panic(err)
		}
		if err := out.Encode(print(object, text)); err != nil {
			panic(err)
		}
	}
}
