package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
)

// installed is the environment a volunteer who follows compose.yaml's first
// lines has set.
var installed = []string{"AGORA_DOMAIN=day.example.org", "AGORA_POSTGRES_PASSWORD=a-long-random-word"}

// forCompose are the variables compose.yaml itself asks for; the program never sees them.
var forCompose = []string{"AGORA_DOMAIN", "AGORA_POSTGRES_PASSWORD"}

func composeProject(t *testing.T, env []string) (*types.Project, error) {
	t.Helper()
	options, err := cli.NewProjectOptions([]string{filepath.Join("..", "..", "compose.yaml")}, cli.WithEnv(env))
	if err != nil {
		t.Fatal(err)
	}
	return options.LoadProject(t.Context())
}

func compose(t *testing.T) *types.Project {
	t.Helper()
	p, err := composeProject(t, installed)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestComposeServices(t *testing.T) {
	p := compose(t)
	names := p.ServiceNames()
	slices.Sort(names)
	if !slices.Equal(names, []string{"agora", "nats", "postgres", "proxy"}) {
		t.Fatalf("services %q", names)
	}
	for name, s := range p.Services {
		if s.HealthCheck == nil || s.HealthCheck.Disable || len(s.HealthCheck.Test) < 2 {
			t.Errorf("%s has no health check", name)
		}
		if s.Restart != types.RestartPolicyUnlessStopped {
			t.Errorf("%s does not come back by itself", name)
		}
	}
	for _, edge := range [][2]string{{"agora", "postgres"}, {"proxy", "agora"}} {
		if d, ok := p.Services[edge[0]].DependsOn[edge[1]]; !ok || d.Condition != types.ServiceConditionHealthy || !d.Required {
			t.Errorf("%s does not wait until %s is healthy", edge[0], edge[1])
		}
	}
	agora := p.Services["agora"]
	if agora.Build == nil || filepath.Base(agora.Build.Context) == "" {
		t.Fatal("agora is not built from this folder")
	}
	if _, err := os.Stat(filepath.Join(agora.Build.Context, agora.Build.Dockerfile)); err != nil {
		t.Error(err)
	}
	if grace := agora.StopGracePeriod; grace == nil || time.Duration(*grace) < 25*time.Second {
		t.Error("agora is killed before its viewers are told to come back")
	}
}

func TestComposeKeepsDataInNamedVolumes(t *testing.T) {
	p := compose(t)
	for service, target := range map[string]string{"agora": "/data", "postgres": "/var/lib/postgresql/data", "proxy": "/data"} {
		i := slices.IndexFunc(p.Services[service].Volumes, func(v types.ServiceVolumeConfig) bool { return v.Target == target })
		if i < 0 {
			t.Errorf("%s forgets %s", service, target)
			continue
		}
		v := p.Services[service].Volumes[i]
		if _, named := p.Volumes[v.Source]; v.Type != types.VolumeTypeVolume || !named {
			t.Errorf("%s keeps %s in %q, which is no named volume", service, target, v.Source)
		}
	}
}

func TestComposePublishesTheProxyOnly(t *testing.T) {
	p := compose(t)
	for name, s := range p.Services {
		if name != "proxy" && (len(s.Ports) > 0 || s.NetworkMode != "") {
			t.Errorf("%s is reached past the proxy", name)
		}
	}
	var ports []string
	for _, port := range p.Services["proxy"].Ports {
		ports = append(ports, port.Published)
	}
	if !slices.Contains(ports, "443") || !slices.Contains(ports, "80") {
		t.Errorf("the proxy publishes %q", ports)
	}
	if _, both := p.Services["proxy"].Networks["inside"]; both || !p.Networks["inside"].Internal {
		t.Error("the database's network is open")
	}
	if _, inside := p.Services["nats"].Networks["inside"]; !inside || len(p.Services["nats"].Networks) != 1 {
		t.Error("NATS can be reached from outside")
	}
	rules := p.Configs["proxy"].Content
	if !strings.HasPrefix(rules, "day.example.org {") || !strings.Contains(rules, "reverse_proxy agora:8080") {
		t.Errorf("the proxy's rules:\n%s", rules)
	}
}

// The program starts with exactly what the image and compose.yaml give it.
func TestComposeConfiguresTheProgram(t *testing.T) {
	p := compose(t)
	s := p.Services["agora"]
	values, known := imageEnvironment(t), knownVariables(t)
	for name, value := range s.Environment {
		if value == nil {
			t.Errorf("%s has no value", name)
			continue
		}
		values[name] = *value
	}
	for name := range values {
		if !slices.Contains(known, name) {
			t.Errorf("the program does not know %s", name)
		}
	}
	for name, file := range values {
		if !strings.HasSuffix(name, "_FILE") {
			continue
		}
		i := slices.IndexFunc(s.Configs, func(c types.ServiceConfigObjConfig) bool { return c.Target == file })
		if i < 0 {
			t.Fatalf("%s names %s, which is not there", name, file)
		}
		// The file's text stands in for the file, which only the container has.
		values[name] = filepath.Join(t.TempDir(), "value")
		if err := os.WriteFile(values[name], []byte(p.Configs[s.Configs[i].Source].Content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	values["AGORA_FONTS"] = t.TempDir()
	env, err := readEnvironment(func(name string) string { return values[name] })
	if err != nil {
		t.Fatal(err)
	}
	if want := "postgres://agora:a-long-random-word@postgres:5432/agora?sslmode=disable"; env.DatabaseURL != want {
		t.Errorf("database %q", env.DatabaseURL)
	}
	if env.NATSURL != "nats://nats:4222" {
		t.Errorf("NATS %q", env.NATSURL)
	}
	if env.BaseURL != "https://day.example.org" || env.Addr != ":8080" || env.Data != "/data" || len(env.TrustedProxies) == 0 {
		t.Errorf("%+v", env)
	}
}

// A forgotten variable stops the start with a word of advice, and no password
// stands in the file.
func TestComposeHasNoDefaults(t *testing.T) {
	for i, missing := range forCompose {
		_, err := composeProject(t, slices.Delete(slices.Clone(installed), i, i+1))
		if err == nil || !strings.Contains(err.Error(), missing) || !strings.Contains(err.Error(), "such as") {
			t.Errorf("without %s: %v", missing, err)
		}
	}
	s := compose(t).Services["postgres"]
	if s.Environment["POSTGRES_PASSWORD"] != nil || s.Environment["POSTGRES_HOST_AUTH_METHOD"] != nil {
		t.Error("the database's password stands in its environment")
	}
	for name, value := range s.Environment {
		if value != nil && strings.Contains(*value, "a-long-random-word") {
			t.Errorf("%s shows the password", name)
		}
	}
}

// Every AGORA_ name that stands anywhere in the two files is one somebody reads.
func TestComposeNamesOnlyKnownVariables(t *testing.T) {
	known := append(knownVariables(t), forCompose...)
	for _, file := range []string{"compose.yaml", "Dockerfile"} {
		b, err := os.ReadFile(filepath.Join("..", "..", file))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range regexp.MustCompile(`\bAGORA_[A-Z_]+`).FindAllString(string(b), -1) {
			if !slices.Contains(known, name) {
				t.Errorf("%s: nobody reads %s", file, name)
			}
		}
	}
}

// The image is small and gives the program no more rights than it needs.
func TestImage(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "..", "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	_, last, _ := strings.Cut(string(b), "\nFROM scratch\n")
	for _, want := range []string{"\nUSER 65532:65532\n", "\nVOLUME /data\n", "\nHEALTHCHECK ", `ENTRYPOINT ["/bin/agora"]`, `CMD ["serve"]`} {
		if !strings.Contains(last, want) {
			t.Errorf("the image has no %q", strings.TrimSpace(want))
		}
	}
	if !strings.Contains(string(b), "CGO_ENABLED=0") {
		t.Error("the binary is not static")
	}
}

// imageEnvironment is what the image sets.
func imageEnvironment(t *testing.T) map[string]string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]string{}
	for _, line := range regexp.MustCompile(`(?m)^ENV (.+)$`).FindAllStringSubmatch(string(b), -1) {
		for _, pair := range strings.Fields(line[1]) {
			name, value, _ := strings.Cut(pair, "=")
			values[name] = value
		}
	}
	if len(values) == 0 {
		t.Error("the image sets nothing")
	}
	return values
}

// knownVariables are the names config.go asks for.
func knownVariables(t *testing.T) (names []string) {
	t.Helper()
	if _, err := readEnvironment(func(name string) string { names = append(names, name); return "" }); err != nil {
		t.Fatal(err)
	}
	return names
}
