// Reads Kubernetes manifests from the standard input and says which fields no such object has, or have the wrong type.
package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	apps "k8s.io/api/apps/v1"
	autoscaling "k8s.io/api/autoscaling/v2"
	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	policy "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/util/yaml"
	strict "sigs.k8s.io/yaml"
)

var kinds = map[string]func() any{
	"v1/ConfigMap":                           func() any { return &core.ConfigMap{} },
	"v1/Service":                             func() any { return &core.Service{} },
	"v1/ServiceAccount":                      func() any { return &core.ServiceAccount{} },
	"apps/v1/Deployment":                     func() any { return &apps.Deployment{} },
	"autoscaling/v2/HorizontalPodAutoscaler": func() any { return &autoscaling.HorizontalPodAutoscaler{} },
	"networking.k8s.io/v1/NetworkPolicy":     func() any { return &networking.NetworkPolicy{} },
	"policy/v1/PodDisruptionBudget":          func() any { return &policy.PodDisruptionBudget{} },
}

func main() {
	input, err := io.ReadAll(os.Stdin)
	if err != nil {
		panic(err)
	}
	documents := yaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(input)))
	bad, good := 0, 0
	for {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			panic(err)
		}
		var head struct {
			APIVersion string `json:"apiVersion"`
			Kind       string `json:"kind"`
		}
		if err := strict.Unmarshal(document, &head); err != nil {
			fmt.Println(err)
			bad++
			continue
		}
		if head.Kind == "" {
			continue
		}
		make, known := kinds[head.APIVersion+"/"+head.Kind]
		if !known {
			fmt.Printf("%s %s: not checked\n", head.APIVersion, head.Kind)
			continue
		}
		if err := strict.UnmarshalStrict(document, make()); err != nil {
			fmt.Printf("%s: %v\n", head.Kind, err)
			bad++
			continue
		}
		good++
	}
	fmt.Printf("%d objects, %d with mistakes\n", good+bad, bad)
	if bad > 0 || good == 0 {
		os.Exit(1)
	}
}
